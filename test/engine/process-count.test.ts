import { totalmem } from 'node:os';
import { countProcesses, usableMemory } from '../../src/engine/process-count';

const GIBIBYTE = 1024 ** 3;

describe('how many processes touch rows at once', () => {
  test.each([
    { cores: 1, memory: 64, processes: 1 },
    { cores: 2, memory: 64, processes: 2 },
    { cores: 16, memory: 64, processes: 4 },
    { cores: 16, memory: 2, processes: 3 },
    { cores: 16, memory: 1, processes: 1 },
    { cores: 16, memory: 0.25, processes: 1 },
  ])('$processes on $cores cores and $memory GiB', ({ cores, memory, processes }) => {
    expect(countProcesses(cores, memory * GIBIBYTE)).toBe(processes);
  });

  test('a machine without a limit on this process has its own memory', () => {
    expect(usableMemory()).toBeGreaterThan(0);
    expect(usableMemory()).toBeLessThanOrEqual(totalmem());
  });
});
