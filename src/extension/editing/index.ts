/** Every change of experiments, runs, models and versions, with undo. */
export { Changes } from './changes'
export { editingCommands } from './commands'
export type { EditingServices } from './edit'
