/** What stands in the way of a VM to be made, and what should be known of it before. */
import type { Message } from '../../text/index.js';
import type { NewVm } from '../machine/goal.js';
import type { FileFact } from '../machine/files.js';
import type { Machine, Vm } from '../machine/machine.js';
import { powerOf } from '../machine/vm-state.js';
import { folderOfPath, isDiskPath, problemOfPath, type PathProblem } from '../machine/paths.js';
import { ifRead } from '../machine/reading.js';
import { checksOfHost } from './all.js';
import { facts, type Check, type CheckId, type Fact } from './check.js';
import { ADVISED_MEMORY, isMemorySize, leastMemory, mostMemory, STEP } from './memory.js';

export type LookedAt = ReadonlyMap<string, FileFact>;

/** Characters that Hyper-V takes for a name. */
const LONGEST_NAME = 100;
/** What Windows needs to begin with: a disk that grows is small at first. */
const LEAST_FREE = 2 * 2 ** 30;
/** What an installed Windows takes. */
const INSTALLED = 20 * 2 ** 30;
/** Sizes that Windows takes for a disk (documented for VHDX). */
const LEAST_DISK = 3 * 2 ** 20;
const MOST_DISK = 64 * 2 ** 40;

/** Checks of this PC without which no VM is made. */
const needed: readonly CheckId[] = ['rights', 'module', 'language-mode', 'hyper-v-role', 'management-service'];
/** And none that runs VMs. */
const neededForNesting: readonly CheckId[] = ['architecture', 'windows', 'extensions'];

/** Paths that are looked at before it is planned. */
export const pathsOf = ({ disk, iso }: NewVm): readonly string[] => [
  disk.path,
  folderOfPath(disk.path),
  ...(disk.kind === 'empty' ? [] : [disk.from]),
  ...(iso === undefined ? [] : [iso]),
];

export function newVmBlockers(machine: Machine, vm: NewVm, files: LookedAt): readonly Check[] {
  const ids = vm.nesting ? [...needed, ...neededForNesting] : needed;
  const ofPc = checksOfHost(machine).filter(({ id, verdict }) => verdict === 'blocker' && ids.includes(id));
  if (ofPc.length > 0) return ofPc;
  return [
    ...nameProblems(machine, vm),
    // It was tried without an administrator's rights.
    ...diskProblems(vm, files, machine.host.identity?.isElevated === true),
    ...useProblems(machine, vm),
    ...isoProblems(vm, files),
    ...sizeProblems(machine, vm),
    ...switchProblems(machine, vm),
  ];
}

const block = (title: Message, why: Message, evidence: readonly Fact[] = []): Check => ({
  id: 'new-vm',
  verdict: 'blocker',
  title,
  why,
  evidence,
});

function nameProblems({ vms }: Machine, { name }: NewVm): readonly Check[] {
  const why = { key: 'create.nameWhy' } as const;
  if (name.trim() === '') return [block({ key: 'create.nameEmpty' }, why)];
  if (name.length > LONGEST_NAME) return [block({ key: 'create.nameLong', params: { most: LONGEST_NAME } }, why)];
  // Without rights an empty list says nothing; that is said of this PC then.
  const isTaken = ifRead(vms, false, (all) => all.some((one) => one.name.toLowerCase() === name.trim().toLowerCase()));
  return isTaken ? [block({ key: 'create.nameTaken', params: { name } }, { key: 'create.nameTakenWhy' })] : [];
}

const pathWords = {
  'not-whole': 'create.pathWhole',
  character: 'create.pathCharacters',
  name: 'create.pathCharacters',
  'too-long': 'create.pathLong',
} as const satisfies Record<PathProblem, string>;

/** Why it cannot be the path of such a file. null: it can. */
function badPath(path: string, ending: 'vhdx' | 'iso'): Message | null {
  const problem = problemOfPath(path);
  if (problem) return { key: pathWords[problem], params: { path } };
  const isSuch = ending === 'vhdx' ? isDiskPath(path) : /[^\\]\.iso$/i.test(path);
  return isSuch ? null : { key: 'create.pathEnding', params: { path, ending } };
}

function diskProblems({ disk, iso }: NewVm, files: LookedAt, isElevated: boolean): readonly Check[] {
  const { path } = disk;
  const problem = badPath(path, 'vhdx');
  if (problem) return [block(problem, { key: 'create.pathWhy' })];
  const evidence = [{ source: path, value: null }];
  if (files.get(path)?.kind === 'file' || files.get(path)?.kind === 'folder')
    return [block({ key: 'create.diskExists', params: { path } }, { key: 'create.diskExistsWhy' }, evidence)];
  if (disk.kind === 'empty' && (disk.size < LEAST_DISK || disk.size > MOST_DISK || !Number.isInteger(disk.size)))
    return [
      block(
        { key: 'create.diskSize', params: { least: LEAST_DISK, most: MOST_DISK } },
        { key: 'create.diskSizeWhy' },
        evidence,
      ),
    ];
  const found = disk.kind === 'empty' ? [] : sourceProblems(disk.from, files);
  return found.length > 0 ? found : folderProblems(path, leastFree(disk, iso, files), files, isElevated);
}

/** VMs of this PC that use the disk that this one is made from. undefined: not known. */
const usersOf = ({ disks, vms }: Machine, from: string): readonly Vm[] | undefined =>
  ifRead(ifRead(disks, undefined, (all) => all.find(({ path }) => path === from))?.users, undefined, (ids) =>
    ifRead(vms, undefined, (all) => all.filter(({ id }) => ids.includes(id))),
  );

/** What a VM writes to must not be the ground of another; and a copy of it is whole only while nothing else holds a part. */
function useProblems(machine: Machine, { disk }: NewVm): readonly Check[] {
  if (disk.kind === 'empty') return [];
  const users = usersOf(machine, disk.from) ?? [];
  const [first] = disk.kind === 'differencing' ? users : users.filter((vm) => !isWhole(vm));
  if (!first) return [];
  const params = { path: disk.from, vm: first.name };
  return disk.kind === 'differencing'
    ? [block({ key: 'create.fromUsed', params }, { key: 'create.fromUsedWhy' })]
    : [block({ key: 'create.copyUsed', params }, { key: 'create.copyUsedWhy' })];
}
const isWhole = (vm: Vm): boolean => powerOf(vm) === 'off' && ifRead(vm.checkpoints, false, (all) => all.length === 0);

function leastFree(disk: NewVm['disk'], iso: string | undefined, files: LookedAt): number {
  const from = disk.kind === 'copy' ? files.get(disk.from) : undefined;
  return from?.kind === 'file' ? from.size : iso === undefined ? LEAST_FREE : INSTALLED;
}

function sourceProblems(from: string, files: LookedAt): readonly Check[] {
  const problem = badPath(from, 'vhdx');
  if (problem) return [block(problem, { key: 'create.pathWhy' })];
  const fact = files.get(from);
  if (fact?.kind === 'none' || fact?.kind === 'folder')
    return [block({ key: 'create.fileNone', params: { path: from } }, { key: 'create.fileNoneWhy' })];
  return fact?.kind === 'file' && fact.holds !== undefined && fact.holds !== 'vhdx'
    ? [block({ key: 'create.notDisk', params: { path: from } }, { key: 'create.notDiskWhy' })]
    : [];
}

function folderProblems(path: string, least: number, files: LookedAt, isElevated: boolean): readonly Check[] {
  const folder = folderOfPath(path);
  const fact = files.get(folder);
  if (fact?.kind === 'none' || fact?.kind === 'file')
    return [block({ key: 'create.folderNone', params: { path: folder } }, { key: 'create.folderNoneWhy' })];
  if (fact?.kind !== 'folder') return [];
  if (fact.mayWrite === false && !isElevated)
    return [block({ key: 'create.folderDenied', params: { path: folder } }, { key: 'create.folderDeniedWhy' })];
  return fact.free !== undefined && fact.free < least
    ? [
        block(
          { key: 'create.noSpace', params: { free: fact.free, least } },
          { key: 'create.noSpaceWhy' },
          facts(folder, fact.free),
        ),
      ]
    : [];
}

function isoProblems({ iso }: NewVm, files: LookedAt): readonly Check[] {
  if (iso === undefined) return [];
  const problem = badPath(iso, 'iso');
  if (problem) return [block(problem, { key: 'create.pathWhy' })];
  const fact = files.get(iso);
  if (fact?.kind === 'none' || fact?.kind === 'folder')
    return [block({ key: 'create.fileNone', params: { path: iso } }, { key: 'create.fileNoneWhy' })];
  return fact?.kind === 'file' && fact.holds !== undefined && fact.holds !== 'iso'
    ? [block({ key: 'create.notIso', params: { path: iso } }, { key: 'create.notIsoWhy' })]
    : [];
}

function sizeProblems({ host }: Machine, { memory, processors }: NewVm): readonly Check[] {
  const there = host.computer?.memory;
  const most = host.processor?.logicalProcessors;
  const isOdd = !isMemorySize(memory);
  return [
    ...(isOdd
      ? [
          block(
            { key: 'checks.memorySize', params: { memory } },
            { key: 'checks.memorySizeWhy', params: { least: leastMemory, most: mostMemory, step: STEP } },
          ),
        ]
      : []),
    ...(!isOdd && there !== undefined && memory > there
      ? [
          block(
            { key: 'create.memoryBeyond', params: { memory, there } },
            { key: 'create.memoryBeyondWhy' },
            facts('Win32_ComputerSystem TotalPhysicalMemory', there),
          ),
        ]
      : []),
    ...(!Number.isInteger(processors) || processors < 1 || (most !== undefined && processors > most)
      ? [
          block(
            { key: 'create.processorsBeyond', params: { count: most ?? 1 } },
            { key: 'create.processorsBeyondWhy' },
            facts('Win32_Processor NumberOfLogicalProcessors', most),
          ),
        ]
      : []),
  ];
}

function switchProblems({ host }: Machine, { switchName }: NewVm): readonly Check[] {
  if (switchName === null) return [];
  const found = ifRead(host.switches, undefined, (all) => all.filter(({ name }) => name === switchName).length);
  if (found === undefined || found === 1) return [];
  const params = { name: switchName };
  return found === 0
    ? [block({ key: 'create.switchNone', params }, { key: 'create.switchNoneWhy' })]
    : [block({ key: 'create.switchTwice', params }, { key: 'create.switchTwiceWhy' })];
}

/** In the way of nothing. */
export function newVmRemarks(machine: Machine, vm: NewVm): readonly Check[] {
  const { host } = machine;
  const remark = (verdict: 'advice' | 'warning', title: Message, why: Message, evidence: readonly Fact[] = []): Check => ({ id: 'new-vm', verdict, title, why, evidence }); // prettier-ignore
  const free = host.freeMemory;
  return [
    ...(vm.memory < ADVISED_MEMORY
      ? [
          remark(
            'advice',
            { key: 'create.memoryLittle', params: { memory: vm.memory } },
            { key: 'create.memoryLittleWhy' },
          ),
        ]
      : []),
    ...(vm.start && free !== undefined && vm.memory > free
      ? [
          remark(
            'warning',
            { key: 'create.memoryNotFree', params: { memory: vm.memory, free } },
            { key: 'create.memoryNotFreeWhy' },
            facts('Win32_OperatingSystem FreePhysicalMemory', free),
          ),
        ]
      : []),
    ...(vm.disk.kind !== 'empty' && !usersOf(machine, vm.disk.from)
      ? [
          remark(
            'warning',
            { key: 'create.usersUnread', params: { path: vm.disk.from } },
            { key: 'create.usersUnreadWhy' },
          ),
        ]
      : []),
    ...(vm.tpm ? [remark('advice', { key: 'create.tpmHere' }, { key: 'create.tpmHereWhy' })] : []),
    ...(vm.disk.kind === 'differencing'
      ? [
          remark(
            'advice',
            { key: 'create.parentStays', params: { path: vm.disk.from } },
            { key: 'create.parentStaysWhy' },
          ),
        ]
      : []),
  ];
}
