// `npm run gallery [port]` serves the webviews in all themes and states; see gallery/serve.mjs.
import process from 'node:process'
import { serveGallery } from './gallery/serve.mjs'

const { url } = await serveGallery(Number(process.argv[2] ?? 0))
console.log(`ready ${url}`)
