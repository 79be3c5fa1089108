export const checkpoint = {
  // The step, and what it makes
  'checkpoint.take': 'Take a checkpoint',
  'checkpoint.remove': 'Remove the checkpoint “{name}”',
  'checkpoint.thing': 'Checkpoint “{name}”',
  'checkpoint.kind': 'Checkpoint',
  'checkpoint.why': 'Settings and disks as they are before the change',

  // How Windows calls it
  'checkpoint.name': 'Before: {what:words} (Hypernest {stamp:text})',
  'checkpoint.nameMore': {
    one: 'Before: {what:words}, {count:number} more (Hypernest {stamp:text})',
    other: 'Before: {what:words}, {count:number} more (Hypernest {stamp:text})',
  },

  // The tick of a review
  'checkpoint.tick': 'Take a checkpoint first',
  'checkpoint.tickWhat':
    'It keeps the settings and disks of this moment. Applying it later restores all of them, nesting and memory size included; everything since is lost.',
  'checkpoint.tickSpace': 'It takes up disk space until it’s removed.',
  'checkpoint.tickStandard': 'It’s a standard checkpoint: what runs now is kept too.',
  'checkpoint.tickProduction':
    'It’s a production checkpoint: the guest writes its data to disk first. If it can’t, Windows takes a standard one.',
  'checkpoint.tickProductionOnly':
    'It’s a production checkpoint: the guest writes its data to disk first. If it can’t, the change ends there.',
  'checkpoint.staysWhat': 'networks, other checkpoints, and every other VM.',

  // What stands in its way
  'checkpoint.off': 'Checkpoints are turned off for {vm}',
  'checkpoint.offWhy': 'Windows refuses one. Turn them on in Hyper-V Manager, or don’t take a checkpoint first.',
  'checkpoint.hypervisor': 'Windows might refuse a checkpoint of {vm} now',
  'checkpoint.hypervisorWhy':
    'A hypervisor is running in it. If Windows refuses, the change ends there and nothing is changed.',

  // The way to take it away
  'checkpoint.left': {
    one: 'The checkpoint still exists',
    other: '{count:number} checkpoints still exist',
  },
  'checkpoint.leftWhy':
    'Applying it in Hyper-V Manager restores the settings and disks of that moment. It takes up disk space until it’s removed.',
  'checkpoint.removeButton': 'Remove checkpoint…',
  'checkpoint.stays': 'It stays unless you select it.',
  'checkpoint.tickRemove': 'Also remove the checkpoint of {name}',
  'checkpoint.titleRemove': 'Remove the checkpoint of: {title:words}',
  'checkpoint.removeHeadline': {
    one: 'The checkpoint is removed, and nothing else changes.',
    other: '{count:number} checkpoints are removed, and nothing else changes.',
  },
  'checkpoint.removeLead': 'Windows merges its disks, which can take a while. Applying it is no longer possible then.',
  'checkpoint.removeNow': 'Remove',
  'checkpoint.removed': {
    one: 'The checkpoint was removed.',
    other: '{count:number} checkpoints were removed.',
  },
  'checkpoint.gone': 'The checkpoint no longer exists.',
  'checkpoint.goneLead': 'There’s nothing to remove.',
} as const;
