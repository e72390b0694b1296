/** Where the question is written; Enter sends it, Shift+Enter is a new line. */
import { Button, TextArea } from '@patternfly/react-core';
import ImageIcon from '@patternfly/react-icons/dist/esm/icons/image-icon';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

interface ComposerProps {
  takesImages: boolean;
  isRunning: boolean;
  onSend: (text: string, images: string[]) => void;
  onStop: () => void;
  /** Questions to begin with, while nothing has been said. */
  starters: readonly string[];
}

const readAddress = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });

export function Composer({ takesImages, isRunning, onSend, onStop, starters }: ComposerProps) {
  const { t } = useTranslation('playground');
  const [text, setText] = useState('');
  const [images, setImages] = useState<string[]>([]);
  const picker = useRef<HTMLInputElement>(null);
  const send = (question: string) => {
    if (isRunning || !question.trim()) return;
    onSend(question, images);
    setText('');
    setImages([]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter belongs to it.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send(text);
    }
  };
  const attach = async (files: FileList | null) => {
    const added = await Promise.all([...(files ?? [])].map(readAddress));
    setImages((before) => [...before, ...added]);
  };
  return (
    <div className="lm-stack">
      {starters.length > 0 && (
        <div className="lm-row">
          {starters.map((starter) => (
            <Button key={starter} variant="secondary" size="sm" isDisabled={isRunning} onClick={() => send(starter)}>
              {starter}
            </Button>
          ))}
        </div>
      )}
      {images.length > 0 && (
        <div className="lm-row lm-turn__images">
          {images.map((address, index) => (
            <img key={index} src={address} alt={t('attachedImage')} />
          ))}
          <Button variant="link" onClick={() => setImages([])}>
            {t('removeImages')}
          </Button>
        </div>
      )}
      <TextArea
        value={text}
        rows={3}
        aria-label={t('message')}
        placeholder={t('messagePlaceholder')}
        onChange={(_, value) => setText(value)}
        onKeyDown={onKeyDown}
        resizeOrientation="vertical"
      />
      <div className="lm-row">
        {isRunning ? (
          <Button variant="secondary" onClick={onStop}>
            {t('stop')}
          </Button>
        ) : (
          <Button onClick={() => send(text)} isDisabled={!text.trim()}>
            {t('send')}
          </Button>
        )}
        {takesImages && (
          <>
            <Button variant="link" icon={<ImageIcon />} onClick={() => picker.current?.click()}>
              {t('addImage')}
            </Button>
            <input
              ref={picker}
              type="file"
              accept="image/png,image/jpeg,image/webp,image/gif"
              multiple
              hidden
              aria-label={t('addImage')}
              onChange={(event) => void attach(event.target.files)}
            />
          </>
        )}
      </div>
    </div>
  );
}
