import { describe, expect, test } from 'vitest';
import { MemoryHistory } from '../../../src/shell/memory-history.js';
import { guid, machineOf, vmOf } from '../core/worlds.js';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 24, 8, 0, second)).toISOString();
const read = (vm: number, second: number, assigned = 4) =>
  vmOf(vm, {
    state: 'Running',
    readAt: at(second),
    memory: { ...vmOf(vm).memory, assigned: assigned * 2 ** 30 },
  });

describe('readings of memory', () => {
  test('a flat line grows with each reading, though the VM does not differ', () => {
    const history = new MemoryHistory();
    for (const second of [0, 2, 4]) history.heard(machineOf({}, [read(1, second)]));
    expect(history.of(guid(1), 0).map((sample) => sample.at)).toEqual(
      [0, 2, 4].map((second) => Date.parse(at(second))),
    );
  });

  test('a VM that was not read at a tick gets no reading', () => {
    const history = new MemoryHistory();
    for (const second of [0, 2, 4]) history.heard(machineOf({}, [read(1, 0), read(2, second)]));
    expect(history.of(guid(1), 0)).toHaveLength(1);
    expect(history.of(guid(2), 0)).toHaveLength(3);
  });

  test('only what is new is asked for', () => {
    const history = new MemoryHistory();
    for (const second of [0, 2, 4]) history.heard(machineOf({}, [read(1, second, second)]));
    expect(history.of(guid(1), Date.parse(at(2))).map(({ assigned }) => assigned)).toEqual([4 * 2 ** 30]);
    expect(history.of(guid(9), 0)).toEqual([]);
  });

  test('a list that cannot be read now takes nothing away; a VM that is gone does', () => {
    const history = new MemoryHistory();
    history.heard(machineOf({}, [read(1, 0), read(2, 0)]));
    history.heard({ ...machineOf({}), vms: undefined });
    expect(history.of(guid(1), 0)).toHaveLength(1);
    history.heard(machineOf({}, [read(2, 2)]));
    expect(history.of(guid(1), 0)).toEqual([]);
    history.clear();
    expect(history.of(guid(2), 0)).toEqual([]);
  });
});
