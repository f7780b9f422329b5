import type { Route, RoutedRequest } from '../ports.ts'

export type Router = (request: RoutedRequest) => Route
