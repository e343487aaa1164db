export { closure, findCycle, longestPathLayers, type Requires } from './dag.js';
export { RecentMap } from './recent-map.js';
export { SingleFlight } from './single-flight.js';
