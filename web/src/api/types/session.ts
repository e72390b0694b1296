/** Who is logged in, and what the page needs to know before anything else. */
import type { Instant } from './shared';

export type Role = 'admin' | 'admin-readonly' | 'user';

export interface SessionUser {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  is_lab_admin: boolean;
}

export interface LoginProvider {
  id: 'openshift' | 'google' | 'oidc';
  title: string;
}

export type BannerStyle = 'info' | 'success' | 'warning' | 'danger' | 'default';

export interface Banner {
  id: string;
  /** Text by language; `en` is always there. */
  content: Record<string, string>;
  style: BannerStyle;
  dismissible: boolean;
  active: boolean;
  starts_at: Instant | null;
  ends_at: Instant | null;
}

export type BrandingImage = 'login_logo' | 'header_light' | 'header_dark';

export interface Branding {
  login_title: string | null;
  login_subtitle: string | null;
  /** Same-origin addresses of the images that were uploaded. */
  images: Partial<Record<BrandingImage, string>>;
}

export interface Session {
  user: SessionUser | null;
  csrf_token: string;
  providers: LoginProvider[];
  password_login: boolean;
  branding: Branding;
  banners: Banner[];
  currency: string;
  version: string;
  public_url: string;
  /** Base address for programs, with `/v1`. */
  gateway_url: string;
}

export interface OwnSession {
  id: string;
  current: boolean;
  user_agent: string | null;
  address: string | null;
  created_at: Instant;
  last_seen_at: Instant;
}
