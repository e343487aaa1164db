export { closure, findCycle, longestPathLayers, type Requires } from './dag.js';
export { SingleFlight } from './single-flight.js';
