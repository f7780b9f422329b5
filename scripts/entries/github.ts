export { GitHub, getOctokitOptions } from '@actions/github/lib/utils'
