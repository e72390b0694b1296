/** Our name, or the organisation's image where one was uploaded. */
import { useSession } from './session';
import { useTheme } from './theme';

export function Wordmark() {
  const { branding } = useSession();
  const { dark } = useTheme();
  const image = dark ? (branding.images.header_dark ?? branding.images.header_light) : branding.images.header_light;
  return (
    <span className="lm-wordmark">
      {image ? (
        <img src={image} alt="LiteMaaS" />
      ) : (
        <>
          <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" className="lm-wordmark__mark">
            <path d="M3 4h5v15h9v5H3z" />
            <path d="M20 4h5v20h-5z" />
            <path d="M11 12h6v4h-6z" opacity=".55" />
          </svg>
          <span>LiteMaaS</span>
        </>
      )}
    </span>
  );
}
