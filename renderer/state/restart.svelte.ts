/** Restarting Windows is asked for in several places, and confirmed in one. */
class Restart {
  isAsking = $state(false);

  ask(): void {
    this.isAsking = true;
  }

  end(): void {
    this.isAsking = false;
  }
}

export const restart = new Restart();
