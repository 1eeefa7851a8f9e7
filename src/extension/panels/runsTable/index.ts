export { Tables } from './tables'
