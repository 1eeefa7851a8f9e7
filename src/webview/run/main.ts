import { Host } from '../ui/host'
import { startPage } from '../ui/start'
import './runPage'

startPage('lens-run-page', new Host())
