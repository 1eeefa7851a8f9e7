// What ships of undici: what the REST store uses. The whole of it has a browser's fetch, WebSocket, caches and mocks, and is twice as big.
const Dispatcher = require('undici/lib/dispatcher/dispatcher')

Object.assign(Dispatcher.prototype, require('undici/lib/api')) // as undici itself does

module.exports = {
  EnvHttpProxyAgent: require('undici/lib/dispatcher/env-http-proxy-agent'),
  Pool: require('undici/lib/dispatcher/pool'),
  errors: require('undici/lib/core/errors'),
}
