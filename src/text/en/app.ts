export const app = {
  'app.name': 'Hypernest',
  'app.machines': { one: '{count:number} VM', other: '{count:number} VMs' },
  'app.readAgo': 'updated {age:age}',
  'app.failing': 'Can’t read the VMs right now. Hypernest keeps trying, at longer intervals.',
  'app.failingSince': 'Can’t read the VMs right now. What you see was read {age:age}. Hypernest keeps trying.',
  'app.navigation': 'Main',
  'app.pageMachines': 'VMs',
  'app.pageHost': 'This PC',
  'app.pageHostBlocks': 'This PC: a problem to fix first',
  'app.pageActivity': 'History',
  'app.pageErrors': 'Error help',
  'app.pageLearn': 'Learn',
  'app.pageSettings': 'Settings',
  'app.simulated': 'Simulated workstation.',
  'app.simulatedAs': 'Simulated: {scenario}.',
  'app.simulatedWhy': 'Nothing on this computer is read or changed. You’re working on a simulated {pc}.',
  'app.chooseAnother': 'Choose another',
  'app.backToPc': 'Back to {here}',
  'app.dismiss': 'Dismiss',
  'app.evidence': 'Evidence',
  'app.evidenceOf': 'Evidence: {title:words}',
  'app.notRead': 'couldn’t be read',
  'app.verdict.ok': 'Fine',
  'app.verdict.advice': 'Advice',
  'app.verdict.warning': 'Warning',
  'app.verdict.blocker': 'Must fix',
  'app.verdict.unknown': 'Unknown',
  'app.settingsSetAside':
    'Some of your settings couldn’t be read and are back at their defaults. The old file is kept: {file:text}',
  'app.settingsUnreadable':
    'Can’t read your settings, so the defaults are used. The file isn’t changed. Your changes last until Hypernest closes.',
  'app.settingsUnwritable':
    'Can’t save your settings. Hypernest keeps trying. Until then, your changes last until it closes.',
  'app.accountsUnusable':
    'Can’t read or save remembered accounts. Hypernest keeps trying. Until then, what you add or remove lasts until it closes.',
  'app.keptChangesUnusable':
    'Can’t read or save which changes you keep. Hypernest keeps trying. Until then, your choice lasts until it closes.',
  'app.triedUnusable':
    'Can’t read or save what was tried to fix this PC. Hypernest keeps trying. Until then, it knows that only until it closes.',
  'app.logUnwritable': 'Can’t write the log. Its newest lines are kept in memory until it can be written.',
  'app.whatAndWhy': '{what:words} {why:words}',
  'app.faultFull': 'The disk is full: free some space for {path:text}',
  'app.faultReadOnly': 'This location is read-only: {path:text}',
  'app.faultRefused':
    'Another program is using it, or your account doesn’t have permission. Close that program, or check the permissions of {path:text}',
  'app.faultInTheWay': 'Another file or folder already has this name. Move or rename it: {path:text}',
  'app.faultNotEncrypted': 'Windows couldn’t encrypt the password, so it isn’t saved. You’re still signed in.',
  'app.faultOther': 'Windows says {detail:text} about {path:text}',
  'app.pageAgain':
    'The window closed unexpectedly and was opened again. Changes in progress continued. The log has the reason.',
  'app.withoutGpu':
    'The graphics process ended, so Hypernest runs without graphics acceleration. It tries again at the next start.',
  'app.linkUnreadable': 'Hypernest doesn’t understand the link that opened it. Nothing was changed.',
  'app.linkNoVm': 'This link leads to a VM that isn’t in the list.',
  'app.linkNoChange': 'This link leads to a change that isn’t in History.',
  'app.installerWaits': 'An installer waits. Hypernest quits as soon as no change is in progress.',
  'app.journalUnwritable': 'Can’t record changes. Until that works, no new change starts.',
} as const;
