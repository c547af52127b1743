import { PackingFault } from './packing-fault';

/** What zstd itself uses up to level 19; larger windows would have to be held in memory whole. */
const LARGEST_WINDOW = 8 * 1024 * 1024;
const LARGEST_BLOCK = 128 * 1024;
const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

type State = 'magic' | 'descriptor' | 'header' | 'block' | 'skip-size' | 'payload';

/**
 * Follows the frames of RFC 8878 without unpacking them: where each block ends (so that no more than one need be
 * unpacked at a time), how much memory a frame asks for, and whether the last frame is complete, none of which the
 * decoder tells.
 */
export class ZstdFrames {
  private state: State = 'magic';
  private readonly small: number[] = [];
  private need = 4;
  private descriptor = 0;
  private payload = 0;
  private afterPayload: 'block' | 'checksum' | 'magic' = 'magic';

  /**
   * @returns where the next block ends, at most the end of the chunk
   * @throws PackingFault where the bytes are no frame, or one that asks for too much
   */
  advance(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      if (this.state === 'payload') {
        const taken = Math.min(this.payload, chunk.length - at);
        this.payload -= taken;
        at += taken;
        if (this.payload > 0) continue;
        this.endPayload();
        return at;
      }
      this.small.push(chunk[at] as number);
      at += 1;
      if (this.small.length === this.need) this.read(this.small.splice(0));
    }
    return at;
  }

  /** @throws PackingFault when the bytes end inside a frame */
  end(): void {
    if (this.state !== 'magic' || this.small.length > 0) throw new PackingFault('it ends inside a frame');
  }

  private expect(state: State, need: number): void {
    this.state = state;
    this.need = need;
  }

  private startPayload(bytes: number, then: typeof this.afterPayload): void {
    this.state = 'payload';
    this.payload = bytes;
    this.afterPayload = then;
    if (bytes === 0) this.endPayload();
  }

  private endPayload(): void {
    if (this.afterPayload === 'block') this.expect('block', 3);
    else if (this.afterPayload === 'magic') this.expect('magic', 4);
    else this.startPayload((this.descriptor & 4) === 0 ? 0 : 4, 'magic');
  }

  private read(bytes: readonly number[]): void {
    const value = toNumber(bytes);
    switch (this.state) {
      case 'magic':
        if (value === FRAME) this.expect('descriptor', 1);
        else if ((value & 0xfffffff0) >>> 0 === SKIPPABLE) this.expect('skip-size', 4);
        else throw new PackingFault('bytes that are no zstd stand behind its end');
        return;
      case 'skip-size':
        this.startPayload(value, 'magic');
        return;
      case 'descriptor': {
        this.descriptor = value;
        if ((value & 8) !== 0) throw new PackingFault('a frame header is damaged');
        this.expect('header', (isSingle(value) ? 0 : 1) + dictionarySize(value) + contentSize(value));
        return;
      }
      case 'header':
        this.readHeader(bytes);
        return;
      case 'block':
        this.readBlock(value);
        return;
      case 'payload':
    }
  }

  private readHeader(bytes: readonly number[]): void {
    const { descriptor } = this;
    const window = isSingle(descriptor)
      ? toNumber(bytes.slice(dictionarySize(descriptor)))
      : windowSize(bytes[0] as number);
    const dictionary = bytes.slice(isSingle(descriptor) ? 0 : 1).slice(0, dictionarySize(descriptor));
    if (toNumber(dictionary) !== 0) throw new PackingFault('it needs a dictionary, which Landfall has not');
    if (window > LARGEST_WINDOW) {
      throw new PackingFault(
        `it asks for a window of ${toMiB(window)}, and at most ${toMiB(LARGEST_WINDOW)} is given: pack it with level 19 or lower, without --long`,
      );
    }
    this.expect('block', 3);
  }

  private readBlock(header: number): void {
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === 3 || size > LARGEST_BLOCK) throw new PackingFault('a block header is damaged');
    this.startPayload(type === 1 ? 1 : size, (header & 1) === 1 ? 'checksum' : 'block');
  }
}

const toMiB = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`;
const isSingle = (descriptor: number): boolean => (descriptor & 32) !== 0;
const dictionarySize = (descriptor: number): number => [0, 1, 2, 4][descriptor & 3] as number;
const contentSize = (descriptor: number): number =>
  [isSingle(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;

function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

/** Little-endian; beyond 2^53 it is rounded, which no bound notices. */
const toNumber = (bytes: readonly number[]): number =>
  bytes.reduceRight((value, byte) => value * 256 + byte, 0);
