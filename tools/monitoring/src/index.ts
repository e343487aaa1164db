export {
  monitoringPorts,
  readMonitoringConfig,
  type MonitoringConfig,
  type MonitoringPort,
} from './config.js';
export { copyConfiguration, monitoringFiles } from './configuration.js';
export { takeSnapshot, type Snapshot } from './snapshot/take-snapshot.js';
export { startMonitoring, type MonitoringOptions, type RunningMonitoring } from './running-monitoring.js';
