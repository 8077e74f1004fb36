/** Names of artifacts: GitHub refuses some characters in them, and a result may be named by any text. */

/** A name that GitHub accepts, and that is another one for every text. */
export const artifactName = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{N} ._,()-]/gu, (character) => `=${character.codePointAt(0)?.toString(16)}=`);

/** The text that a name was made from. */
export const textOfArtifactName = (name: string): string =>
  name.replaceAll(/=([0-9a-f]{1,6})=/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0x10_ffff ? whole : String.fromCodePoint(code).toWellFormed();
  });
