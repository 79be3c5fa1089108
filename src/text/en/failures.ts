export const failures = {
  'failures.notFound': 'Windows didn’t find it',
  'failures.notFoundNext':
    'It was deleted or moved to another PC, or the management service (vmms) doesn’t run. Read the list again.',
  'failures.accessDenied': 'Windows refused access',
  'failures.accessDeniedNext': 'Your account lacks the right for this. See Rights on the page This PC.',
  'failures.wrongState': 'It’s in a state that doesn’t allow this',
  'failures.wrongStateNext': 'Its state changed in the meantime. Refresh, then plan again.',
  'failures.notSupported': 'Windows doesn’t support this here',
  'failures.notSupportedNext': 'See the checks of the VM and of this PC for what is missing.',
  'failures.inUse': 'Something else is using it now',
  'failures.inUseNext': 'Wait until the other operation has ended, then try again.',
  'failures.noMemory': 'There isn’t enough free memory',
  'failures.noMemoryNext': 'Choose less memory, or shut down another VM, then try again.',
  'failures.memoryHeld': 'Windows didn’t change the memory while the VM runs',
  'failures.memoryHeldNext':
    'A hypervisor that runs inside keeps the memory as it is. While the VM is off, it can be changed.',
  'failures.invalidArgument': 'Windows didn’t accept a value',
  'failures.invalidArgumentNext': 'What Windows said names the value. Choose another.',
  'failures.moduleMissing': 'A part of Hyper-V is missing on this PC',
  'failures.moduleMissingNext': 'Turn the Windows feature on: see This PC.',
  'failures.moduleBlocked': 'Policy blocks a PowerShell module',
  'failures.moduleBlockedNext': 'Whoever manages this PC can allow it.',
  'failures.sessionLost': 'PowerShell ended',
  'failures.sessionLostNext': 'It’s opened again by itself. A read is repeated; a change isn’t.',
  'failures.timedOut': 'Windows didn’t answer in time',
  'failures.timedOutNext': 'It may still be busy. Read again in a moment.',
  'failures.unknownOutcome': 'Couldn’t confirm the change',
  'failures.unknownOutcomeNext': 'The answer was lost. The values below were read again afterwards.',
  'failures.notTaken': 'The value didn’t stay',
  'failures.notTakenNext':
    'Windows accepted the change without an error, but the value is different now. Something might have changed it back.',
  'failures.connectionTaken': 'Another program took the connection to the elevated PowerShell.',
  'failures.connectionTakenNext':
    'It runs under your account and was there before Hypernest. It got nothing to run: the elevated PowerShell ended at once. Find out which program does this, or close what you don’t know, before you allow a session again.',
  'failures.cancelled': 'Not begun',
  'failures.cancelledNext': 'It was stopped before this step.',
  'failures.noCredentials': 'Nobody is signed in to this VM',
  'failures.noCredentialsNext':
    'Sign in with an administrator of the VM, or with the account that is kept for it, then try again.',
  'failures.credentialRefused': 'The VM didn’t take this account',
  'failures.credentialRefusedNext':
    'Check name and password. A blank password, a PIN and an account without a password are refused too.',
  'failures.guestNotAnswering': 'PowerShell Direct doesn’t answer inside',
  'failures.guestNotAnsweringNext':
    'It may still be starting, not be Windows, or its service vmicvmsession is off. Try again in a moment.',
  'failures.updatesDiffer': 'This PC and the VM have different update levels',
  'failures.updatesDifferNext': 'Install the Windows updates on both, then try again.',
  'failures.notAdministrator': 'This account is no administrator inside',
  'failures.notAdministratorNext': 'It got in, but may change nothing there. Use an administrator of the VM.',
  'failures.journalFull': 'The disk is full',
  'failures.journalFullNext':
    'Hypernest writes down each change before it makes it, and there’s no room for that. Nothing was changed. Free some space, then start again.',
  'failures.journalUnwritable': 'Hypernest can’t write its journal',
  'failures.journalUnwritableNext':
    'Each change is written down before it’s made, so that it can be put back. Nothing was changed. The notice in the window says which file or folder is in the way.',
  'failures.guestAnswersWrongly': 'The VM doesn’t answer as it should',
  'failures.guestAnswersWronglyNext':
    'What came from inside isn’t what was asked for, or far too much, so nothing of it was used. Look at the VM itself: something in it may be broken, or may lie. Then sign in again.',
  'failures.guestBusy': 'The VM hasn’t answered what was asked before',
  'failures.guestBusyNext':
    'Two calls hang inside, so no more are sent. It’s asked again as soon as one of them ends; restarting the VM ends both.',
  'failures.antivirus': 'Antivirus stopped the script of Hypernest',
  'failures.antivirusNext':
    'Allow Hypernest in your antivirus, or ask whoever manages this PC, and name the error id ScriptContainedMaliciousContent.',
  'failures.unexpected': 'Windows refused',
  'failures.unexpectedNext': 'What Windows said is below, word for word.',
} as const;
