// Entry of a worker thread: plays the order it was started with until it is done or told to stop.

import { parentPort, workerData } from 'node:worker_threads';
import { Generator } from './generator.js';
import type { ToWorker, WorkerOrder } from './messages.js';

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread of the load-runner');

const generator = new Generator(workerData as WorkerOrder, (message) => {
  port.postMessage(message);
  if (message.type === 'done') port.close();
});
port.on('message', (message: ToWorker) => {
  if (message.type === 'stop') generator.stop();
  else generator.replan(message.atMs, message.stages);
});
generator.start();
