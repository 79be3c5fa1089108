export const failures = {
  'failures.notFound': 'Windows did not find it',
  'failures.notFoundNext':
    'It was deleted or moved to another PC, or the management service (vmms) does not run. Read the list again.',
  'failures.accessDenied': 'Windows refused access',
  'failures.accessDeniedNext': 'Your account lacks the right for this. See Rights on the page This PC.',
  'failures.wrongState': 'It is in a state that does not allow this',
  'failures.wrongStateNext': 'Its state changed in the meantime. Refresh, then plan again.',
  'failures.notSupported': 'Windows does not support this here',
  'failures.notSupportedNext': 'See the checks of the machine and of this PC for what is missing.',
  'failures.inUse': 'Something else is using it now',
  'failures.inUseNext': 'Wait until the other operation has ended, then try again.',
  'failures.noMemory': 'There is not enough free memory',
  'failures.noMemoryNext': 'Choose less memory, or shut down another machine, then try again.',
  'failures.invalidArgument': 'Windows did not accept a value',
  'failures.invalidArgumentNext': 'What Windows said names the value. Choose another.',
  'failures.moduleMissing': 'A part of Hyper-V is missing on this PC',
  'failures.moduleMissingNext': 'Turn the Windows feature on: see This PC.',
  'failures.moduleBlocked': 'Policy blocks a PowerShell module',
  'failures.moduleBlockedNext': 'Whoever manages this PC can allow it.',
  'failures.sessionLost': 'PowerShell ended',
  'failures.sessionLostNext': 'It is opened again by itself. A read is repeated; a change is not.',
  'failures.timedOut': 'Windows did not answer in time',
  'failures.timedOutNext': 'It may still be busy. Read again in a moment.',
  'failures.unknownOutcome': 'Couldn’t confirm the change',
  'failures.unknownOutcomeNext': 'The answer was lost. The values below were read again afterwards.',
  'failures.notTaken': 'The value did not stay',
  'failures.notTakenNext':
    'Windows accepted the change without an error, but the value is different now. Something might have changed it back.',
  'failures.connectionTaken': 'Another program took the connection to the elevated PowerShell.',
  'failures.connectionTakenNext':
    'It runs under your account and was there before Hypernest. It got nothing to run: the elevated PowerShell ended at once. Find out which program does this, or close what you do not know, before you allow a session again.',
  'failures.cancelled': 'Not begun',
  'failures.cancelledNext': 'It was stopped before this step.',
  'failures.noCredentials': 'Nobody is signed in to this machine',
  'failures.noCredentialsNext':
    'Sign in with an administrator of the machine, or with the account that is kept for it, then try again.',
  'failures.credentialRefused': 'The machine did not take this account',
  'failures.credentialRefusedNext':
    'Check name and password. A blank password, a PIN and an account without a password are refused too.',
  'failures.guestNotAnswering': 'PowerShell Direct does not answer inside',
  'failures.guestNotAnsweringNext':
    'It may still be starting, not be Windows, or its service vmicvmsession is off. Try again in a moment.',
  'failures.updatesDiffer': 'This PC and the machine have different update levels',
  'failures.updatesDifferNext': 'Install the Windows updates on both, then try again.',
  'failures.notAdministrator': 'This account is no administrator inside',
  'failures.notAdministratorNext': 'It got in, but may change nothing there. Use an administrator of the machine.',
  'failures.journalFull': 'The disk is full',
  'failures.journalFullNext':
    'Hypernest writes down each change before it makes it, and there is no room for that. Nothing was changed. Free some space, then start again.',
  'failures.journalUnwritable': 'Hypernest cannot write its journal',
  'failures.journalUnwritableNext':
    'Each change is written down before it is made, so that it can be put back. Nothing was changed. The notice in the window says which file or folder is in the way.',
  'failures.guestAnswersWrongly': 'The machine does not answer as it should',
  'failures.guestAnswersWronglyNext':
    'What came from inside is not what was asked for, or far too much, so nothing of it was used. Look at the machine itself: something in it may be broken, or may lie. Then sign in again.',
  'failures.guestBusy': 'The machine has not answered what was asked before',
  'failures.guestBusyNext':
    'Two calls hang inside, so no more are sent. It is asked again as soon as one of them ends; restarting the machine ends both.',
  'failures.antivirus': 'Antivirus stopped the script of Hypernest',
  'failures.antivirusNext':
    'Allow Hypernest in your antivirus, or ask whoever manages this PC, and name the error id ScriptContainedMaliciousContent.',
  'failures.severalNext': 'Several causes fit. Error help shows them, the likeliest first.',
  'failures.explain': 'Causes and remedies…',
  'failures.unexpected': 'Windows refused',
  'failures.unexpectedNext': 'What Windows said is below, word for word.',
} as const;
