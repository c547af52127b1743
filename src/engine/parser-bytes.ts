import type { FindingCollector } from '../checks/collect-findings';
import { WRONG_BYTES } from './unpack-source';

/**
 * The bytes as a parser gets them. It may stop and go on as it likes; what is wrong with them is never taken for the end
 * of the file, nor lost where the parser catches it.
 */
export class ParserBytes implements AsyncIterable<Uint8Array> {
  /** What reading them failed with, which is no fault of the parser. */
  failure: { cause: unknown } | undefined;
  /** They end where they should not, which is a finding already. */
  areBroken = false;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(
    source: AsyncIterable<Uint8Array>,
    private readonly findings: Pick<FindingCollector, 'list'>,
  ) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** Without `return`, so that another loop goes on where one has stopped. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.next() };
  }

  /** Reads what the parser has not read, so that the whole file is looked at. */
  async drain(): Promise<void> {
    if (this.failure) throw this.failure.cause;
    if (this.areBroken) return;
    while (!(await this.chunks.next()).done);
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    let next: IteratorResult<Uint8Array, unknown>;
    try {
      next = await this.chunks.next();
    } catch (cause) {
      this.failure ??= { cause };
      throw cause;
    }
    if (!next.done) return next;
    // Not by their number: rows may be judged while the parser reads ahead.
    this.areBroken ||= this.findings.list().some(({ code }) => WRONG_BYTES.has(code));
    if (this.areBroken) throw new Error('the bytes of the file end before the file does');
    return { done: true, value: undefined };
  }
}
