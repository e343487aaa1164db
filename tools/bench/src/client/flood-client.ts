/** The flood as a bench sees it. */
import { ChildModule } from '../child-module.js';
import type { Pinning } from '../measure/pinning.js';
import type { FloodOrder, FloodResult } from './flood-messages.js';

export class FloodClient {
  private constructor(private readonly child: ChildModule) {}

  static async start(pinning: Pinning): Promise<FloodClient> {
    const module = 'client/flood-child.js';
    return new FloodClient(
      await ChildModule.start({ module, name: 'flood client', pinning, side: 'client' }),
    );
  }

  /** Floods a server for the given time. Rejects when a connection is lost; wrong answers are counted. */
  run(order: FloodOrder, signal?: AbortSignal): Promise<FloodResult> {
    return this.child.ask<FloodResult>(order, signal);
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
