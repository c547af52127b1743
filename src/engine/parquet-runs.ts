import { malformed } from './parquet-fault';

/** Reads numbers of Parquet's run-length and bit-packed hybrid one by one, and never past their end. */
export class RunCursor {
  private left = 0;
  private value = 0;
  private packedBits = -1;

  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
    private readonly bitWidth: number,
  ) {
    if (bitWidth > 32 || end > bytes.length || at > end) throw malformed('a page of runs is cut off');
  }

  next(): number {
    while (this.left === 0) this.startRun();
    this.left -= 1;
    if (this.packedBits === -1) return this.value;
    const value = this.readBits(this.packedBits);
    this.packedBits += this.bitWidth;
    return value;
  }

  private byte(at: number): number {
    if (at >= this.end) throw malformed('a page has fewer values than it says');
    return this.bytes[at] as number;
  }

  private startRun(): void {
    let header = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte(this.at);
      this.at += 1;
      header += (byte & 127) * scale;
      if (byte < 128) break;
      if (scale > 2 ** 28) throw malformed('a run is longer than can be');
    }
    this.left = Math.floor(header / 2);
    if (header % 2 === 1) {
      this.left *= 8;
      this.packedBits = this.at * 8;
      // Writers may leave out the last bytes of a run, as far as no value is in them.
      this.at += (this.left / 8) * this.bitWidth;
      return;
    }
    this.packedBits = -1;
    this.value = 0;
    for (let scale = 1, bits = 0; bits < this.bitWidth; bits += 8, scale *= 256) {
      this.value += this.byte(this.at) * scale;
      this.at += 1;
    }
  }

  private readBits(from: number): number {
    let value = 0;
    for (let got = 0; got < this.bitWidth;) {
      const bit = from + got;
      const take = Math.min(8 - (bit % 8), this.bitWidth - got);
      value += ((this.byte(Math.floor(bit / 8)) >> (bit % 8)) & ((1 << take) - 1)) * 2 ** got;
      got += take;
    }
    return value;
  }
}
