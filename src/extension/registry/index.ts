/** Model versions: their stages and aliases. */
export { registryCommands } from './commands'
