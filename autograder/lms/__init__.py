"""What comes from students by an exchange, and exports of grades to learning platforms."""
