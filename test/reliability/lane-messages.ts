/** What the harness asks of a lane, and what it is told. */
export type Asked = { kind: 'list'; group: string } | { kind: 'run'; group: string; name: string };

export type Told =
  | { kind: 'listed'; names: string[] }
  | { kind: 'ran'; differences: string[]; notes: string[] }
  | { kind: 'failed'; why: string };

export type Request = Asked & { id: number };
export type Answer = Told & { id: number };
