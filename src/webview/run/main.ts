import { startPage } from '../ui/start'
import './runPage'

startPage('lens-run-page')
