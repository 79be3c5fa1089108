/** A VM that a run has made from an image: until its system answers, it is probably being installed. */
import type { Vm } from '../machine/machine.js';
import { isSound, type RunRecord } from './record.js';

/** It runs without a heartbeat; what is not known of that is no answer. */
const isSilent = ({ state, heartbeat }: Vm): boolean =>
  state === 'Running' && heartbeat !== undefined && !(heartbeat?.startsWith('Ok') ?? false);

export const isInstalling = (vm: Vm, records: readonly RunRecord[]): boolean =>
  isSilent(vm) &&
  records.some(
    (record) =>
      isSound(record) &&
      record.goal.kind === 'create' &&
      record.goal.vm.iso !== undefined &&
      record.undoneBy === undefined &&
      record.events.some((event) => event.kind === 'step' && event.made?.what === 'vm' && event.made.id === vm.id),
  );
