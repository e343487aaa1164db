export { closure, findCycle, longestPathLayers, type Requires } from './dag.js';
export { RecentMap } from './recent-map.js';
export { RetryBudget, type RetryBudgetOptions } from './retry-budget.js';
export { SingleFlight } from './single-flight.js';
