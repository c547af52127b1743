import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface ListeningSocket {
  address: string;
  port: number;
  inode: string;
}

const LISTENING = '0A';

/**
 * Whether the port is held, but by no process of the group: then an answer there says nothing about ours. `false`
 * where the system (anything but Linux) does not tell.
 */
export function isHeldByOthers(port: number, group: number): boolean {
  const holders = listListening().filter((socket) => socket.port === port);
  if (holders.length === 0) return false;
  const own = socketsOfGroup(group);
  return !holders.some(({ inode }) => own.has(inode));
}

/** What the processes of the group accept TCP connections on. */
export function listListeningOfGroup(group: number): ListeningSocket[] {
  const own = socketsOfGroup(group);
  return listListening().filter(({ inode }) => own.has(inode));
}

function listListening(): ListeningSocket[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => {
    const rows = (read(table) ?? '').trim().split('\n').slice(1);
    return rows
      .map((row) => row.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTENING)
      .map((fields) => {
        const [address = '', port = ''] = fields[1]?.split(':') ?? [];
        return { address: readAddress(address), port: Number.parseInt(port, 16), inode: fields[9] ?? '' };
      });
  });
}

function socketsOfGroup(group: number): Set<string> {
  const pids = readdirSync('/proc').filter((name) => {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : undefined;
    return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[2] === String(group);
  });
  return new Set(pids.flatMap(socketsOfProcess));
}

function socketsOfProcess(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      const target = readLink(`/proc/${pid}/fd/${name}`);
      return /^socket:\[(\d+)\]$/.exec(target)?.slice(1) ?? [];
    });
  } catch {
    // It ended in between.
    return [];
  }
}

/** The table writes IPv4 as one little-endian number; anything longer is IPv6. */
function readAddress(hex: string): string {
  if (hex.length !== 8) return `ipv6 ${hex}`;
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
