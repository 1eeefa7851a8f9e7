import { startPage } from '../ui/start'
import './comparePage'

startPage('lens-compare-page')
