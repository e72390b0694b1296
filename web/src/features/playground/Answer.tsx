/** An answer as text, with its code blocks set apart. Nothing of it is ever taken as HTML. */

const FENCE = /```([\w+-]*)\n([\s\S]*?)(?:```|$)/g;

interface Piece {
  isCode: boolean;
  text: string;
}

/** Splits an answer at its fenced code; a fence that is still open runs to the end. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(FENCE)) {
    if (match.index > from) found.push({ isCode: false, text: text.slice(from, match.index).trim() });
    found.push({ isCode: true, text: (match[2] ?? '').trimEnd() });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ isCode: false, text: text.slice(from).trim() });
  return found.filter((piece) => piece.text !== '');
}

export function Answer({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    piece.isCode ? (
      <pre key={index} className="lm-code" tabIndex={0}>
        <code>{piece.text}</code>
      </pre>
    ) : (
      <p key={index} className="lm-prewrap">
        {piece.text}
      </p>
    ),
  );
}
