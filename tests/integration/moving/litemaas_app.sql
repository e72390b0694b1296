-- Tables of the public LiteMaaS, as backend/src/lib/database-migrations.ts makes them; only what a move looks at.

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    username varchar(255) UNIQUE NOT NULL,
    email varchar(255) UNIQUE NOT NULL,
    full_name varchar(255),
    oauth_provider varchar(50) NOT NULL,
    oauth_id varchar(255) NOT NULL,
    roles text[] DEFAULT ARRAY['user'],
    is_active boolean DEFAULT true,
    max_budget decimal(10, 2) DEFAULT 100.00,
    tpm_limit integer DEFAULT 10000,
    rpm_limit integer DEFAULT 60,
    budget_duration varchar(20),
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    UNIQUE (oauth_provider, oauth_id)
);

CREATE TABLE models (
    id varchar(255) PRIMARY KEY,
    name varchar(255) NOT NULL,
    provider varchar(100) NOT NULL,
    description text,
    restricted_access boolean DEFAULT false
);

CREATE TABLE subscriptions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users,
    model_id varchar(255) NOT NULL REFERENCES models,
    status varchar(20) NOT NULL DEFAULT 'active',
    status_reason text,
    status_changed_at timestamptz,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    UNIQUE (user_id, model_id)
);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subscription_id uuid REFERENCES subscriptions,
    user_id uuid NOT NULL REFERENCES users,
    name varchar(255),
    key_hash varchar(255) UNIQUE NOT NULL,
    key_prefix varchar(20) NOT NULL,
    lite_llm_key_value varchar(255),
    litellm_key_alias varchar(255),
    max_budget decimal(10, 2),
    current_spend decimal(10, 2) DEFAULT 0,
    model_max_budget jsonb,
    model_rpm_limit jsonb,
    model_tpm_limit jsonb,
    is_active boolean DEFAULT true,
    created_at timestamptz DEFAULT now(),
    revoked_at timestamptz,
    archived_at timestamptz
);

CREATE TABLE api_key_models (
    api_key_id uuid NOT NULL REFERENCES api_keys,
    model_id varchar(255) NOT NULL REFERENCES models,
    PRIMARY KEY (api_key_id, model_id)
);
