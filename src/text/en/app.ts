export const app = {
  'app.name': 'Hypernest',
  'app.machines': { one: '{count:number} VM', other: '{count:number} VMs' },
  'app.readAgo': 'updated {age:age}',
  'app.failing': 'Can’t read the VMs right now. Hypernest keeps trying, at longer intervals.',
  'app.failingSince': 'The VMs can’t be read just now: what you see was read {age:age}. Hypernest tries again.',
  'app.navigation': 'Main',
  'app.pageMachines': 'VMs',
  'app.pageHost': 'This PC',
  'app.pageHostBlocks': 'This PC: something stands in the way',
  'app.pageActivity': 'History',
  'app.pageErrors': 'Error help',
  'app.pageLearn': 'Learn',
  'app.pageSettings': 'Settings',
  'app.simulated': 'Simulated workstation.',
  'app.simulatedAs': 'Simulated: {scenario}.',
  'app.simulatedWhy': 'Nothing on this computer is read or changed. You’re working on a simulated {pc}.',
  'app.chooseAnother': 'Choose another',
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
    'Your settings can’t be read, so the defaults are used. The file is left as it is, and what you change is gone once Hypernest ends.',
  'app.settingsUnwritable':
    'Your settings can’t be saved. Hypernest keeps trying; until it can, what you change is gone once it ends.',
  'app.accountsUnusable':
    'Kept accounts can’t be read or saved. Hypernest keeps trying; until it can, what you keep or forget counts only until it ends.',
  'app.keptChangesUnusable':
    'Which changes you keep can’t be read or saved. Hypernest keeps trying; until it can, your choice counts only until it ends.',
  'app.logUnwritable': 'The log can’t be written. Its newest lines are kept in memory until it can.',
  'app.whatAndWhy': '{what:words} {why:words}',
  'app.faultFull': 'The disk is full: free some space for {path:text}',
  'app.faultReadOnly': 'This place can only be read: {path:text}',
  'app.faultRefused':
    'Another program holds it, or your account may not use it. Close that program, or check the permissions of {path:text}',
  'app.faultInTheWay': 'A file or folder is in the way. Move it or rename it: {path:text}',
  'app.faultNotEncrypted': 'Windows couldn’t encrypt the password, so it isn’t kept. You’re signed in all the same.',
  'app.faultOther': 'Windows says {detail:text} about {path:text}',
  'app.pageAgain':
    'The window ended unexpectedly and was opened again. What was under way went on; the log has the reason.',
  'app.withoutGpu':
    'Hypernest runs without graphics acceleration, because the graphics process ended. The next start tries it again.',
  'app.journalUnwritable': 'Changes can’t be written down. Until they can, nothing new is begun.',
} as const;
