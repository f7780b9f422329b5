import { pythonEnvironment } from '../../../scripts/python-environment.ts'

/** moto, from PyPI, in an environment of its own; tests find its Python here. */
export const motoPython = () => pythonEnvironment('moto-venv', '__tests__/infra/cli/requirements.txt')('python')

if (import.meta.main) motoPython()
