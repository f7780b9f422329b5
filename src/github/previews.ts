/** What main needs for previews alone. */
export { outsiderOf } from '../inputs/outsider.ts'
export { previewSide } from './preview-side.ts'
