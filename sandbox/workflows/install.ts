import { installTools } from './tools.ts'

installTools(line => console.log(line))
