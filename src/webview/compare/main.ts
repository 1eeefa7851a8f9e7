import { BesideHost } from '../beside/besideHost'
import '../beside/besidePage'
import { Host } from '../ui/host'
import { startPage } from '../ui/start'
import './comparePage'

// One bundle of two pages that share their charts.
if (document.body.dataset.page === 'beside') startPage('lens-beside-page', new BesideHost())
else startPage('lens-compare-page', new Host())
