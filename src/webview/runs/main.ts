import { startPage } from '../ui/start'
import './runsPage'
import { TableHost } from './tableHost'

startPage('lens-runs-page', new TableHost())
