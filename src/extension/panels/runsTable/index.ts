export { tableCommands } from './commands'
export { Tables } from './tables'
