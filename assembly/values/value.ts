/** The value that was judged last, in canonical form. */
export namespace Value {
  export let start: usize = 0;
  export let end: usize = 0;
  /** Where the next one that is written begins. */
  export let free: usize = 0;
}

export function openValue(): usize {
  Value.start = Value.free;
  return Value.free;
}

export function closeValue(end: usize): void {
  Value.end = end;
  Value.free = end;
}
