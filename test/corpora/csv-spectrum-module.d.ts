declare module 'csv-spectrum' {
  interface Item {
    name: string;
    csv: Buffer;
    json: Buffer;
  }
  export default function spectrum(done: (error: Error | null, items: Item[]) => void): void;
}
