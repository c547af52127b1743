import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE_BYTES = 64 * 1024;
/** What is ahead of it is the machine's own. */
export const DATA_AT = PAGE_BYTES;
/** Of 4 GiB, all that WebAssembly has. */
const MOST_PAGES = 65_535;

// Compiled from assembly/ by the build; from the sources (in tests) the built ones are used.
const FOLDER = join(__dirname, __filename.endsWith('.ts') ? '../../../dist/engine/machine' : '.');

const machines = new Map<string, Machine<object>>();

/** The one of this name. `E`: what it exports. */
export function machineOf<E extends object>(name: string): Machine<E> {
  const machine = machines.get(name) ?? new Machine(name);
  machines.set(name, machine);
  return machine as Machine<E>;
}

/** WebAssembly whose memory is for whoever uses it until it returns: nothing that is awaited may come in between. */
export class Machine<E extends object> {
  readonly exports: E;
  /** All of its memory; another one when it has grown. */
  bytes: Buffer<ArrayBuffer>;
  /** Whose data is in the memory. */
  owner: object | undefined;
  private readonly memory: WebAssembly.Memory;

  constructor(name: string) {
    this.memory = new WebAssembly.Memory({ initial: 2, maximum: MOST_PAGES });
    const module = new WebAssembly.Module(readFileSync(join(FOLDER, `${name}.wasm`)));
    this.exports = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as E;
    this.bytes = Buffer.from(this.memory.buffer);
  }

  /** Makes the memory at least so large; what is in it stays. */
  reserve(bytes: number): void {
    const more = bytes - this.bytes.length;
    if (more <= 0) return;
    this.memory.grow(Math.ceil(more / PAGE_BYTES));
    this.bytes = Buffer.from(this.memory.buffer);
  }

  int32(at: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.bytes.buffer, at, length);
  }
}
