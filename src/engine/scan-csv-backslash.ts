import { CsvScanner } from './scan-csv';

const BACKSLASH = 92;
const NULL_TEXT = '\\N';

/** CSV in which a quote, a delimiter or a backslash stands behind a backslash; any other use of one is a fault. */
export class BackslashCsvScanner extends CsvScanner {
  protected override readQuoted(start: number, last: boolean): number {
    const { text, quote } = this;
    const { length } = text;
    let value = '';
    let from = start + 1;
    for (let at = from; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        if (at + 1 === length && !last) return -1;
        return this.endQuoted(start, at, value + text.slice(from, at), last);
      }
      if (code !== BACKSLASH) continue;
      value += text.slice(from, at);
      from = at + 1;
      at += 1;
      if (at < length && !this.mayBeEscaped(at)) this.fault = 'bad-quote';
    }
    return this.endOpenQuote(last);
  }

  protected override readBare(fieldStart: number, from: number, last: boolean): number {
    const { text, delimiter, quote, lineEnd, otherLineEnd } = this;
    const { length } = text;
    const fault = this.fault;
    let value = '';
    let kept = fieldStart;
    let hasBadEscape = false;
    let at = from;
    for (; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === lineEnd) break;
      if (code === quote) this.fault = 'bad-quote';
      else if (code === otherLineEnd) {
        if (this.isCrLf(at)) break;
        if (at + 1 === length && !last) return -1;
        this.fault = 'bad-quote';
      } else if (code === BACKSLASH) {
        if (at + 1 === length) {
          if (!last) return -1;
          hasBadEscape = true;
        } else if (this.mayBeEscaped(at + 1)) {
          value += text.slice(kept, at);
          kept = at + 1;
          at += 1;
        } else hasBadEscape = true;
      }
    }
    if (at === length && !last) return -1;
    value += text.slice(kept, at);
    if (hasBadEscape && value !== NULL_TEXT) this.fault = fault ?? 'bad-quote';
    // An escaped one is a value, and no null.
    else if (!hasBadEscape && value === NULL_TEXT) (this.quoted ??= [])[this.fields.length] = true;
    this.fields.push(value);
    return at;
  }

  private mayBeEscaped(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === BACKSLASH || code === this.quote || code === this.delimiter;
  }
}
