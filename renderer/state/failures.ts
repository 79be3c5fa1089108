export { titleOfFailure } from '../../src/core/failure.js';
