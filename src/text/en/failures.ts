export const failures = {
  'failures.notFound': 'Windows didn’t find it',
  'failures.notFoundNext':
    'It was deleted or moved to another PC, or the management service (vmms) isn’t running. Refresh the list.',
  'failures.accessDenied': 'Windows denied access',
  'failures.accessDeniedNext': 'Your account doesn’t have permission for this. See Permissions on the This PC page.',
  'failures.wrongState': 'It’s in a state that doesn’t allow this',
  'failures.wrongStateNext': 'Its state changed in the meantime. Refresh, then plan again.',
  'failures.notSupported': 'Windows doesn’t support this on this PC',
  'failures.notSupportedNext': 'See the checks of the VM and of this PC for what’s missing.',
  'failures.inUse': 'Another operation is using it',
  'failures.inUseNext': 'Wait until the other operation has ended, then try again.',
  'failures.noMemory': 'Not enough free memory',
  'failures.noMemoryNext': 'Choose less memory, or shut down another VM, then try again.',
  'failures.invalidArgument': 'Windows didn’t accept a value',
  'failures.invalidArgumentNext': '“What Windows said” names the value. Choose another one.',
  'failures.moduleMissing': 'A part of Hyper-V is missing on this PC',
  'failures.moduleMissingNext': 'Turn on the Windows feature on the This PC page.',
  'failures.moduleBlocked': 'A policy blocks a PowerShell module',
  'failures.moduleBlockedNext': 'Whoever manages this PC can allow it.',
  'failures.sessionLost': 'PowerShell ended',
  'failures.sessionLostNext': 'Hypernest opens it again by itself. Reads are repeated; changes aren’t.',
  'failures.timedOut': 'Windows didn’t answer in time',
  'failures.timedOutNext': 'It might still be busy. Refresh in a moment.',
  'failures.unknownOutcome': 'Couldn’t confirm the change',
  'failures.unknownOutcomeNext': 'PowerShell’s answer was lost. The values below were read afterwards.',
  'failures.notTaken': 'The value didn’t stay',
  'failures.notTakenNext':
    'Windows accepted the change without an error, but the value is different now. Something might have changed it back.',
  'failures.connectionTaken': 'Another program used the connection to the elevated PowerShell.',
  'failures.connectionTakenNext':
    'It runs as you and connected before Hypernest. It couldn’t run anything: the elevated PowerShell ended at once. Find out which program does this, or close what you don’t know, before you allow a session again.',
  'failures.cancelled': 'Not started',
  'failures.cancelledNext': 'It was stopped before this step.',
  'failures.noCredentials': 'Not signed in to this VM',
  'failures.noCredentialsNext':
    'Sign in with an administrator account of the VM, or with the account remembered for it. Then try again.',
  'failures.credentialRefused': 'The VM didn’t accept this account',
  'failures.credentialRefusedNext': 'Check the name and password. Blank passwords and PINs aren’t accepted.',
  'failures.guestNotAnswering': 'The guest doesn’t respond to PowerShell Direct',
  'failures.guestNotAnsweringNext':
    'It might still be starting, might not be Windows, or its service vmicvmsession is off. Try again in a moment.',
  'failures.updatesDiffer': 'This PC and the VM have different update levels',
  'failures.updatesDifferNext': 'Install Windows updates on both, then try again.',
  'failures.notAdministrator': 'This account isn’t an administrator in the VM',
  'failures.notAdministratorNext':
    'Signing in worked, but this account can’t change anything there. Use an administrator account of the VM.',
  'failures.journalFull': 'The disk is full',
  'failures.journalFullNext':
    'Hypernest records each change before it starts, and there’s no room for that. Nothing was changed. Free some space, then try again.',
  'failures.journalUnwritable': 'Hypernest can’t write its history',
  'failures.journalUnwritableNext':
    'Each change is recorded before it starts, so that you can undo it. Nothing was changed. The message in the window names the file or folder.',
  'failures.guestAnswersWrongly': 'The guest’s answer isn’t valid',
  'failures.guestAnswersWronglyNext':
    'The guest returned something else than was asked for, or far too much. None of it was used. Something in the VM might be broken or tampered with: check it, then sign in again.',
  'failures.guestBusy': 'The guest hasn’t answered earlier requests',
  'failures.guestBusyNext':
    'Two requests hang in the guest, so Hypernest sends no more. It continues when one of them ends. Restarting the VM ends both.',
  'failures.antivirus': 'Your antivirus blocked Hypernest’s script',
  'failures.antivirusNext':
    'Allow Hypernest in your antivirus, or ask whoever manages this PC. The error ID is ScriptContainedMaliciousContent.',
  'failures.severalNext': 'Several causes fit. Error help shows them, the likeliest first.',
  'failures.explain': 'Causes and remedies…',
  'failures.unexpected': 'Windows refused',
  'failures.unexpectedNext': 'See what Windows said below.',
} as const;
