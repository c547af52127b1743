import { join } from 'node:path';
import { STORES, type Store } from './case';
import { Lanes } from './lanes';
import { findOrBuildVersitygw, startVersitygw, type Versitygw } from './versitygw';

/** The stores and the processes that work on them, each started when the first group asks for it. */
export class Stores {
  private readonly lanes = new Map<Store, Promise<Lanes | { why: string }>>();
  private versitygw: Versitygw | undefined;

  constructor(
    private readonly stateDir: string,
    private readonly processes: number,
    private readonly options: {
      mayBuild: boolean;
      onEnded: (why: string) => void;
      /** Has another emulator take the place of the one that `process.env` names. */
      renewEmulator: () => Promise<void>;
    },
  ) {}

  /** The same processes, over an emulator that knows nothing yet: it is the slower, the more it has seen. */
  async renew(store: Store): Promise<Lanes | { why: string }> {
    await this.closeLanes(store);
    await this.options.renewEmulator();
    return this.lanesOn(store);
  }

  /** @returns why there are none, where the store cannot be had */
  lanesOn(store: Store): Promise<Lanes | { why: string }> {
    const open = this.lanes.get(store) ?? this.open(store);
    this.lanes.set(store, open);
    return open;
  }

  /** Ends what runs on the other stores: a machine has only so much room. */
  async keepOnly(store: Store): Promise<void> {
    for (const other of STORES) if (other !== store) await this.closeLanes(other);
  }

  async close(): Promise<void> {
    for (const store of STORES) await this.closeLanes(store);
    await this.versitygw?.stop();
  }

  private async closeLanes(store: Store): Promise<void> {
    const open = await this.lanes.get(store)?.catch(() => undefined);
    if (!(open instanceof Lanes)) return;
    this.lanes.delete(store);
    await open.close();
  }

  private async open(store: Store): Promise<Lanes | { why: string }> {
    if (store === 'emulator') return new Lanes(this.processes, process.env, this.options.onEnded);
    if (!this.versitygw) {
      const found = await findOrBuildVersitygw(this.options.mayBuild);
      if ('why' in found) return found;
      this.versitygw = await startVersitygw(found.path, join(this.stateDir, 'versitygw'));
    }
    return new Lanes(this.processes, { ...process.env, ...this.versitygw.environment }, this.options.onEnded);
  }
}
