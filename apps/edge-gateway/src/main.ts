import { runService } from '@flowchart/platform';
import { AppModule } from './app.module.js';
import { config, options } from './config.js';
import { openEdge } from './edge.js';

await runService(() => AppModule.from(config()), options, openEdge);
