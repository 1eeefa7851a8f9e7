import { Host } from '../ui/host'
import { startPage } from '../ui/start'
import './comparePage'

startPage('lens-compare-page', new Host())
